"""Models in files: one zip of JSON and safetensors, which runs no code when it is read.

What a file may hold is a table of classes, with the attributes that each of them has and their
shapes. Nothing here imports torch; loading a network does.
"""

from ._load_model import load_model
from ._model_card import model_card
from ._model_info import read_model_info
from ._onnx import to_onnx
from ._save_model import save_model

__all__ = ["load_model", "model_card", "read_model_info", "save_model", "to_onnx"]
