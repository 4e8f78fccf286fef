"""What is taken from a submission: the files that the lab names, and nothing else."""
import os
import pathlib
import stat
import tarfile
import zipfile

LARGEST = 64 << 10            # of a file; the longest reference has 10 KB
LARGEST_ARCHIVE = 64 << 20


class NoSubmission(Exception):
    """There is nothing to take files from."""


def take(place, lab, names):
    """name -> content, from a folder or an archive; a file that is missing, no file, or too large is left out, and said."""
    place = pathlib.Path(place)
    try:
        read = _reader(place)
    except Exception as error:    # a compressed tar is opened to see whether it is one
        raise NoSubmission(f"{place} cannot be read ({type(error).__name__}: {error})") from None
    if read is None:
        raise NoSubmission(f"{place} is neither a folder nor an archive (zip, tar)")
    files, notes = {}, []
    for name in names:
        folder, _, base = name.rpartition("/")
        tries = [f"{folder or lab.folder.name}/{base}", base]
        for candidate in tries:
            try:
                content, problem = read(place, candidate)
            except Exception as error:    # an archive may be broken in many ways, and somebody may have meant it
                content, problem = None, f"it cannot be read ({type(error).__name__})"
            if content is not None:
                files[name] = content
            elif problem:
                notes.append(f"{candidate} was not taken: {problem}")
            if content is not None or problem:
                break
        else:
            notes.append(f"{name} is missing: expected as {tries[0]} or {tries[1]}, or in one folder")
    return files, notes


def _reader(place):
    if place.is_dir():
        return _from_folder
    if place.is_file() and zipfile.is_zipfile(place):
        return _from_zip
    return _from_tar if place.is_file() and tarfile.is_tarfile(place) else None


def _from_folder(place, name):
    at = place
    for part in pathlib.PurePosixPath(name).parts:    # a link on the way could lead anywhere
        at = at / part
        try:
            mode = os.lstat(at).st_mode
        except OSError:
            return None, ""
        if stat.S_ISLNK(mode):
            return None, "it is a link"
    if not stat.S_ISREG(mode):
        return None, "it is no file"
    with open(os.open(at, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        return _small(file.read(LARGEST + 1))


def _from_zip(place, name):
    with zipfile.ZipFile(place) as archive:
        found = [info for info in archive.infolist() if _same(info.filename, name) and not info.is_dir()]
        if len(found) > 1:
            return None, "it is there more than once: " + " and ".join(info.filename[:99] for info in found[:3])
        for info in found:
            if stat.S_ISLNK(info.external_attr >> 16):
                return None, "it is a link"
            with archive.open(info) as file:
                return _small(file.read(LARGEST + 1))
    return None, ""


def _from_tar(place, name):
    content, problem, passed = None, "", 0
    with tarfile.open(place) as archive:
        for member in archive:
            passed += member.size
            if passed > LARGEST_ARCHIVE:
                return None, "the archive is too large"
            if _same(member.name, name) and not member.isdir():
                if content is not None or problem:
                    return None, f"it is there more than once, the second time as {member.name[:99]}"
                if not member.isreg():
                    content, problem = None, "it is no file"
                else:
                    with archive.extractfile(member) as file:
                        content, problem = _small(file.read(LARGEST + 1))
    return content, problem


def _same(path, name):
    return path == name or path.removeprefix("./") == name or path.partition("/")[2] == name


def _small(content):
    return (None, f"it is larger than {LARGEST >> 10} KB") if len(content) > LARGEST else (content, "")
