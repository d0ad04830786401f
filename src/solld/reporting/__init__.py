"""What a directory gets back for having been harvested: a report on the quality of its data.

var/reports/<name>/key            what the private address of the report ends in
                  <run>.sqlite    a report, by the time of the harvest that it is about; two are kept
"""
