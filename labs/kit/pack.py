"""./go lab pack: the students' archive. The files of this checkout, without labs/instructor and without history."""
import gzip
import io
import os
import pathlib
import subprocess
import tarfile

from kit.lab import LABS, ROOT

WITHOUT = ("labs/instructor/", "labs/INSTRUCTOR.md", "labs/kit/test_", "labs/kit/testing/")


def files():
    """Paths from the root, of what belongs to the project."""
    found = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                           capture_output=True)
    if found.returncode == 0:
        names = [os.fsdecode(name) for name in found.stdout.split(b"\0") if name]
    else:    # no checkout, or no git
        names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if "build" not in path.relative_to(ROOT).parts]
    return sorted(name for name in set(names) if (ROOT / name).is_file() and not name.startswith((".git/", *WITHOUT))
                  and "__pycache__" not in name)


def pack(target):
    """Writes the archive, the same bytes each time."""
    target = pathlib.Path(target)
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name in files():
            info = archive.gettarinfo(str(ROOT / name), f"ordinal/{name}")
            info.uid = info.gid = info.mtime = 0
            info.uname = info.gname = ""
            with open(ROOT / name, "rb") as file:
                archive.addfile(info, file if info.isreg() else None)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(buffer.getvalue(), mtime=0))
    print(f"{target}: {len(files())} files, without {LABS.name}/instructor")
    return 0
