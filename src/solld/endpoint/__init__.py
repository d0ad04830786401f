"""The SPARQL endpoint: strangers' queries, run in processes that can be killed, for all web processes of a service.

web processes  ──Unix socket──►  dispatcher  ──socket pairs──►  workers, one query at a time, killed at a limit
  client.py                      dispatcher.py  places.py        worker.py  isolation.py
                                 answers.py  processes.py
"""
