"""What a lab's tasks.py, hidden.py and mutants.py use; README.md says how."""
from kit import svg
from kit.lab import Lab, Mutant
from kit.laws import NotTried, Wrong, holds, near, refuses
from kit.wire import Array, Refused

__all__ = ["Array", "Lab", "Mutant", "NotTried", "Refused", "Wrong", "holds", "near", "refuses", "svg"]
