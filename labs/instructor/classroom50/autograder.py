#!/usr/bin/env python3
"""Classroom 50 runs this in the student's repository. The conventions follow from the GitHub name of who pushed."""
import os
import pathlib
import subprocess
import sys

LAB = os.environ.get("ASSIGNMENT", "lab1").removeprefix("lab")
COURSE = os.environ.get("ORDINAL_COURSE", "https://github.com/your-course/ordinal")    # with labs/instructor
kit = pathlib.Path(os.environ["RUNNER_TEMP"]) / "ordinal"
subprocess.run(["git", "clone", "--quiet", "--depth", "1", COURSE, str(kit)], check=True)
sudo = [] if os.getuid() == 0 else ["sudo", "-E"]    # the walls need it
sys.exit(subprocess.run([*sudo, str(kit / "go"), "grade", os.getcwd(), "--lab", LAB, "--for", os.environ["GITHUB_ACTOR"],
                         "--format", "classroom50", "--output", "result.json"]).returncode)
