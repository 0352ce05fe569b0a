"""A Python that lacks what Windows lacks: names of modules, whole modules, and /proc."""

from __future__ import annotations

import sys
from pathlib import Path

# By the stubs of typeshed for win32, which mypy brings; `W*` and the like stand for all such.
HIDE = """
import faulthandler, fnmatch, os, select, signal, sys
# What of the standard library asks for these names as it is imported has better ways on Windows.
import asyncio, multiprocessing.connection, selectors, shutil, subprocess, tempfile

LACKING = {
    os: "F_*LOCK GRND_* O_CLOEXEC O_DIRECTORY O_NOCTTY O_NOFOLLOW O_NONBLOCK PRIO_* P_ALL"
    " P_P* RTLD_* SCHED_* W[A-Z]* *chown chroot confstr* ctermid fchdir fchmod fork forkpty"
    " get_blocking gete?id getgid getgr* getloadavg getp[gr]* getres* getsid getuid *xattr"
    " initgroups killpg lockf login_tty memfd* mkfifo mknod nice openpty *pathconf* pidfd_open"
    " pipe2 posix_* pread* pwrite* readv sched_* sendfile set[a-z]*id set_blocking"
    " setp* spawn?p* *statvfs sync sysconf* tc[gs]* ttyname wait wait[34i]* writev",
    signal: "*ITIMER* *itimer SIGALRM SIGBUS SIGC[HLO]* SIGHUP SIGIO* SIGKILL SIGP* SIGQUIT SIGRT*"
    " SIGS[TY]* SIGT[RST]* SIGU* SIGV* SIGW* SIGX* SIG_*BLOCK SIG_SETMASK alarm pause pidfd_*"
    " pthread_* siginterrupt sigpending sig*wait*",
    faulthandler: "register unregister",
    select: "poll epoll",
}
for module, patterns in LACKING.items():
    for name in {n for pattern in patterns.split() for n in fnmatch.filter(vars(module), pattern)}:
        delattr(module, name)
for name in ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"):
    sys.modules[name] = None
# On Windows it ends a process without asking it, as this does here.
subprocess.Popen.kill = lambda self: self.send_signal(9)


def no_proc(event, arguments):
    if event in {"open", "os.listdir", "os.scandir"} and str(arguments[0]).startswith("/proc"):
        raise FileNotFoundError(arguments[0])


sys.addaudithook(no_proc)
"""

# Windows' own program that ends a process with all that it has started.
TASKKILL = f"""#!{sys.executable} -I
import sys, psutil
assert sys.argv[1:4] == ["/F", "/T", "/PID"]
process = psutil.Process(int(sys.argv[4]))
for one in [*process.children(recursive=True), process]:
    one.kill()
"""


def build(folder: Path) -> Path:
    """Write what makes a Python lack these names if the folder is on its path."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(HIDE)
    taskkill = folder / "taskkill"
    taskkill.write_text(TASKKILL)
    taskkill.chmod(0o755)
    return folder
