"""Virtuoso 7 in a folder of its own: its settings, and its triples loaded before it is asked."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from programs import Failed, free_port, last_line, run, start, stop, wait_for

PACKAGE = "virtuoso-opensource-7-bin"  # of Debian's virtuoso-opensource; the rest of it would start a server at boot
SERVER, CONSOLE = "virtuoso-t", "isql-vt"
BUFFERS = 340_000  # pages of 8 KiB: what its manual names for a machine that can spare 4 GB
PATIENCE = 60  # seconds for its first start, which makes the database
LOADING = 1800  # seconds that ten million triples may take

# Its own limits are out of the way (10,000 rows, and seconds of estimated cost), so that its answers are whole.
SETTINGS = """[Database]
DatabaseFile = {folder}/virtuoso.db
TransactionFile = {folder}/virtuoso.trx
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
xa_persistent_file = {folder}/virtuoso.pxa
MaxCheckpointRemap = 625000

[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx

[Parameters]
ServerPort = 127.0.0.1:{console}
ServerThreads = 64
MaxClientConnections = 64
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
ThreadsPerQuery = {cores}
DirsAllowed = {folder}, {data}
CheckpointInterval = 0
ResourcesCleanupInterval = 0
StopCompilerWhenXOverRunTime = 0

[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 40
MaxKeepAlives = 40
KeepAliveTimeout = 120

[SPARQL]
ResultSetMaxRows = 100000000
MaxQueryExecutionTime = 3600
MaxQueryCostEstimationTime = 0
"""
LOAD = (
    "ld_dir('{folder}', '{name}', '{graph}'); rdf_loader_run(); checkpoint; "
    "SELECT COUNT(*) FROM DB.DBA.LOAD_LIST WHERE ll_error IS NOT NULL;"
)


@dataclass(frozen=True)
class Database:
    """A folder with Virtuoso's settings and files."""

    folder: Path
    port: int

    @property
    def command(self) -> tuple[str, ...]:
        return (SERVER, "+foreground", "+configfile", str(self.folder / "virtuoso.ini"))

    def load(self, triples: Path, graph: str) -> None:
        """Makes the database from an N-Triples file, in a server that is ended again. Failed, and why."""
        console = free_port()
        self.folder.mkdir()
        settings = SETTINGS.format(
            folder=self.folder,
            data=triples.parent,
            console=console,
            port=self.port,
            buffers=BUFFERS,
            dirty=BUFFERS * 3 // 4,
            cores=os.cpu_count(),
        )
        (self.folder / "virtuoso.ini").write_text(settings, encoding="utf-8")
        log = self.folder / "console.log"
        process = start(self.command, self.folder / "start.log", {})
        try:
            wait_for(process, f"http://127.0.0.1:{self.port}/sparql?query=ASK%7B%7D", "*/*", PATIENCE)
            script = LOAD.format(folder=triples.parent, name=triples.name, graph=graph)
            with log.open("wb") as out:
                command = (CONSOLE, f"127.0.0.1:{console}", "dba", "dba", "VERBOSE=OFF", "BANNER=OFF", f"EXEC={script}")
                subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=True, timeout=LOADING)
        except (subprocess.SubprocessError, OSError) as error:
            raise Failed(f"Virtuoso did not load: {error}; {last_line(log)}") from error
        finally:
            stop(process)
        if last_line(log).split()[-1:] != ["0"]:
            raise Failed(f"Virtuoso did not load: {last_line(log)}")


def install(log: Path) -> None:
    """Failed, with the line to run, if it is not here and we may not install it."""
    if shutil.which(SERVER) and shutil.which(CONSOLE):
        return
    if os.geteuid() or not shutil.which("apt-get"):
        raise Failed(f"it is not here: sudo apt-get install --no-install-recommends {PACKAGE}")
    run(("apt-get", "install", "-y", "--no-install-recommends", PACKAGE), log)
