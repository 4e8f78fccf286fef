"""Runs one command between walls. It is started by program.py, as a process of its own:

    python3 -I -S walls.py SPECIFICATION ANSWERS STATUS        (descriptors: JSON comes from the first, since anybody
                                                                may read the words of a command)

What can be had is taken: a network, processes and a root directory of its own (Linux namespaces), a user of its own (for
root), limits on time, memory, files. What stood, and how the command ended, is written to STATUS, a line of JSON each.
Everything that the command has started is dead when this process is; killing this process (SIGTERM) kills it all.
"""
import ctypes
import errno
import json
import os
import resource
import signal
import stat
import sys
import time

NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
RDONLY, NOSUID, NODEV, REMOUNT, BIND, REC, PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18
PDEATHSIG, CAPBSET_DROP, SUBREAPER, NO_NEW_PRIVS = 1, 24, 36, 38
LINUX = sys.platform.startswith("linux")
libc = ctypes.CDLL(None, use_errno=True)


def call(function, *arguments):
    if function(*arguments) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def mount(source, target, kind=None, flags=0, data=None):
    words = [None if word is None else os.fsencode(word) for word in (source, target, kind, data)]
    call(libc.mount, words[0], words[1], words[2], ctypes.c_ulong(flags), words[3])


def prctl(option, value=0):
    if LINUX:
        libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0)


# --- Namespaces: a network with nothing in it, processes that are killed together, mounts that nobody else sees. ---

def own_namespaces(walls):
    """True if there are some, in a child process that has come to be on the way; the parent waits and leaves."""
    if not LINUX:
        return False
    flags = NEWNS | NEWUTS | NEWIPC | NEWPID | NEWNET
    uid, gid = os.getuid(), os.getgid()
    try:
        if uid == 0:
            call(libc.unshare, flags)
        else:    # an ordinary user may have them inside of a user namespace, where the system allows that
            call(libc.unshare, flags | NEWUSER)
            for name, text in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {gid} 1")):
                with open(f"/proc/self/{name}", "w") as file:
                    file.write(text)
    except OSError:
        return False
    child = os.fork()
    if child > 0:
        for descriptor in range(5):
            try_to(os.close, descriptor)
        _, status = os.waitpid(child, 0)
        os._exit(0 if status == 0 else 1)
    prctl(PDEATHSIG, signal.SIGKILL)    # this is process 1 of its namespace: with it, all of them die
    walls += ["network", "processes"]
    if no_shared_memory():
        walls.append("shared memory")
    return True


def no_shared_memory():
    """Segments that outlive their processes count for nobody's limit: in this namespace there are none."""
    try:
        for name in ("shmall", "shmmni"):
            with open(f"/proc/sys/kernel/{name}", "w") as file:
                file.write("0")
        return True
    except OSError:
        return False


def own_root(spec, walls):
    """A root directory with the system's programs, the folder of the command, and what it is to read. Nothing else."""
    try:
        mount("none", "/", None, REC | PRIVATE)
        root = spec["scratch"]
        mount("none", root, "tmpfs", NOSUID, "size=64m,mode=755")
        for path in ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/alternatives", "/etc/ld.so.cache"):
            show(path, root + path)
        for path in spec["hide"]:    # the project, if it lies inside of one of these
            if os.path.isdir(root + path):
                mount("none", root + path, "tmpfs", NOSUID, "size=4k,mode=755")
        for inside, outside in spec["read"].items():
            show(outside, root + inside)
        os.makedirs(root + "/dev")
        open(root + "/dev/null", "w").close()
        mount("/dev/null", root + "/dev/null", None, BIND)
        os.makedirs(root + "/box")
        if spec["folder"]:
            mount(spec["folder"], root + "/box", None, BIND)
        else:
            mount("none", root + "/box", "tmpfs", NOSUID | NODEV, "size=16m,mode=777")
        mount("none", root, None, REMOUNT | RDONLY | NOSUID | BIND)
        os.chroot(root)
        os.chdir("/box")
        walls.append("files")
        return True
    except OSError as error:
        if os.environ.get("ORDINAL_WALLS_DEBUG"):
            print("walls:", error, file=sys.stderr)
        return False


def show(outside, inside):
    """A file or folder is seen at another place, and cannot be changed there."""
    if os.path.islink(outside):
        os.makedirs(os.path.dirname(inside), exist_ok=True)
        os.symlink(os.readlink(outside), inside)
        return
    if not os.path.exists(outside):
        return
    if os.path.isdir(outside):
        os.makedirs(inside, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(inside), exist_ok=True)
        open(inside, "w").close()
    mount(outside, inside, None, BIND | REC)
    try:
        mount(None, inside, None, BIND | REMOUNT | RDONLY | NOSUID)
    except OSError:
        pass    # an ordinary user may not, and may not write there anyway


# --- The command. ---

def limit(spec, walls, troubles):
    limits = spec["limits"]
    own_user = "user" in walls
    for name, key, value in (("time", "CPU", limits["seconds"]), ("memory", "AS", limits["megabytes"] << 20),
                             ("file size", "FSIZE", limits["file_megabytes"] << 20), ("", "CORE", 0), ("", "NOFILE", 64),
                             ("", "STACK", 8 << 20), ("count", "NPROC", limits["processes"] if own_user else None)):
        if value is None or not hasattr(resource, "RLIMIT_" + key):
            continue
        try:
            resource.setrlimit(getattr(resource, "RLIMIT_" + key), (value, value + 1 if key == "CPU" else value))
            if name and name not in walls:
                walls.append(name)
        except (OSError, ValueError) as error:
            troubles.append(f"limit {key}: {errno.errorcode.get(getattr(error, 'errno', 0), '')} {error}")
    if "shared memory" in walls:
        walls.remove("shared memory")
    elif "memory" in walls:
        walls.remove("memory")    # the limit of a process is no limit where memory can be had beside it


def become(spec, walls):
    """In the child: all that was root's is given up, and the command takes its place."""
    os.setsid()
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):    # by Python
        signal.signal(ignored, signal.SIG_DFL)
    if "user" in walls:
        os.setgroups([])
        os.setgid(spec["user"])
        os.setuid(spec["user"])
    elif LINUX:
        for capability in range(64):    # process 0 of a user namespace has some; after this it gets none
            prctl(CAPBSET_DROP, capability)
    prctl(NO_NEW_PRIVS, 1)
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "HOME": spec["home"], "TMPDIR": spec["home"]}
    os.execve(spec["command"][0], spec["command"], environment)


def descendants():
    """Of this process, by /proc; those whose parents died are ours, for this process adopts them."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as file:
                    parents[int(name)] = int(file.read().rpartition(")")[2].split()[1])
            except (OSError, IndexError, ValueError):
                pass
    found = {os.getpid()}
    while True:
        more = {child for child, parent in parents.items() if parent in found} - found
        if not more:
            return found - {os.getpid()}
        found |= more


def end_all(spec, walls, own_processes):
    """Kills whatever the command has left. In a namespace of its own the kernel does that when this process ends."""
    if own_processes:
        return
    if "user" in walls:    # all processes of a user whom nobody else is
        child = os.fork()
        if child == 0:
            os.setuid(spec["user"])
            try_to(os.kill, -1, signal.SIGKILL)
            os._exit(0)
        os.waitpid(child, 0)
    for _ in range(200):
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        if LINUX:
            for process in descendants():
                try_to(os.kill, process, signal.SIGKILL)
        else:
            try_to(os.killpg, spec["started"], signal.SIGKILL)
        time.sleep(0.005)


def try_to(function, *arguments):
    try:
        return function(*arguments)
    except OSError:
        return None


def main():
    answers, status = int(sys.argv[2]), int(sys.argv[3])
    with open(int(sys.argv[1]), "rb") as file:
        spec = json.load(file)
    prctl(PDEATHSIG, signal.SIGKILL)
    walls, is_root = [], os.getuid() == 0
    own_processes = own_namespaces(walls)
    prctl(PDEATHSIG, signal.SIGKILL)
    prctl(SUBREAPER, 1)
    if not (own_processes and own_root(spec, walls)):
        spec["command"] = spec["command_outside"]
        spec["home"] = spec["home_outside"]
        os.chdir(spec["home"])
    if is_root and ("files" in walls or reachable(spec)):
        walls.append("user")
    if "files" not in walls and "user" in walls and closed(spec):
        walls.append("files")    # permissions keep another user out

    ready, go = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(answers, 3) if answers != 3 else None
        os.set_inheritable(3, True)
        for descriptor in range(4, 256):
            if descriptor not in (status, go):
                try_to(os.close, descriptor)
        os.set_inheritable(status, False)
        os.set_inheritable(go, False)
        try:
            troubles = []
            limit(spec, walls, troubles)
            os.write(go, json.dumps({"walls": walls, "troubles": troubles}).encode())
            become(spec, walls)
        except BaseException as error:
            try_to(os.write, status, json.dumps({"failed": f"{spec['command'][0]}: {error}"}).encode() + b"\n")
        os._exit(127)

    spec["started"] = child
    def stop(*_):
        try_to(os.kill, child, signal.SIGKILL)
        end_all(spec, walls, own_processes)
        os._exit(1)
    signal.signal(signal.SIGTERM, stop)
    os.close(go)
    for descriptor in (0, 1, 2, answers):
        try_to(os.close, descriptor)
    news = json.loads(os.read(ready, 4096) or b'{"walls": [], "troubles": ["the command did not begin"]}')
    walls = news["walls"]
    try_to(os.write, status, json.dumps(news).encode() + b"\n")
    while True:
        process, how = os.wait()    # also those that the command has left behind
        if process == child:
            break
    ended = {"signal": os.WTERMSIG(how)} if os.WIFSIGNALED(how) else {"exit": os.WEXITSTATUS(how)}
    end_all(spec, walls, own_processes)
    try_to(os.write, status, json.dumps(ended).encode() + b"\n")
    os._exit(0)


def closed(spec):
    """The user of the command may look into none of the folders that are to be shut. A child that is this user tries."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setgroups([])
            os.setgid(spec["user"])
            os.setuid(spec["user"])
            status = int(any(os.access(path, os.R_OK) or os.access(path, os.X_OK) for path in spec["shut"]))
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1] == 0


def reachable(spec):
    """May any user read what the command needs, where it lies?"""
    for path in (*spec["read"].values(), spec["home_outside"]):
        while path != "/":
            path = os.path.dirname(path)
            if not os.stat(path).st_mode & stat.S_IXOTH:
                return False
    return True


if __name__ == "__main__":
    main()
