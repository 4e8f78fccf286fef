"""docs/to_pytorch.py reads what Ordinal has saved, and PyTorch computes the same.     compare.py WRITE_MODELS

Without PyTorch nothing is tried; another Python is named by  cmake -DPython3_EXECUTABLE=PROGRAM.
"""
import importlib.util
import os
import subprocess
import sys
import tempfile
import unittest

if importlib.util.find_spec("torch") is None:
    print(f"not tried: {sys.executable} has no PyTorch")
    sys.exit()
import torch

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "docs"))
import to_pytorch

WRITE_MODELS = sys.argv.pop()


class Models(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        subprocess.run([WRITE_MODELS, cls.folder.name], check=True)

    def path(self, name):
        return os.path.join(self.folder.name, name + ".safetensors")

    def difference(self, name, model):
        """The largest one of all outputs that no padding has, relative to the largest output."""
        known = to_pytorch.read_safetensors(self.path(name + "_output"))
        padding = known["padding"] != 0
        with torch.no_grad():
            found = model(known["ids"], known["segments"] if model.segments else None,
                          padding if padding.any() else None)
        shown = ~padding
        return float((found - known["output"])[shown].abs().max() / known["output"].abs().max())

    def test_a_bert_with_two_segments_padding_and_its_own_head(self):
        model = to_pytorch.load(self.path("bert"), positions="table", num_heads=3, layer_norm_eps=1e-12)
        self.assertLess(self.difference("bert", model), 2e-6)

    def test_a_checkpoint_of_a_gpt(self):
        model = to_pytorch.load(self.path("gpt"), positions="table", num_heads=3, causal=True, norm_first=True)
        self.assertLess(self.difference("gpt", model), 2e-6)

    def test_codes_of_another_scheme(self):
        codes = to_pytorch.read_safetensors(self.path("rnn_codes"))["codes"]
        model = to_pytorch.load(self.path("rnn"), positions=codes, num_heads=3)
        self.assertLess(self.difference("rnn", model), 2e-6)

    def test_what_the_file_does_not_tell_matters(self):
        right = dict(positions="table", num_heads=3, causal=True, norm_first=True)
        for wrong in (dict(num_heads=2), dict(causal=False), dict(layer_norm_eps=0.1)):
            self.assertGreater(self.difference("gpt", to_pytorch.load(self.path("gpt"), **{**right, **wrong})), 1e-3)

    def test_positions_are_never_dropped_in_silence(self):
        path = self.path("rnn")
        with self.assertRaises(ValueError) as error:
            to_pytorch.load(path, positions=None, num_heads=3)
        self.assertEqual(str(error.exception), f"{path} has 'encoder.position.start', so it has positions; give "
                         'positions="table" or their codes')
        with self.assertRaises(ValueError) as error:
            to_pytorch.load(path, positions="table", num_heads=3)
        self.assertIn('expected positions="table" and a table in the file, got "table" and ', str(error.exception))


if __name__ == "__main__":
    unittest.main()
