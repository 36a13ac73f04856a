import subprocess
import sys

from histoexpr.persistence import _rooms

ROOMS = [name for name, value in vars(_rooms).items() if callable(value)]


def test_every_room_is_the_module_of_its_name():
    assert len(ROOMS) == 13
    for name in ROOMS:
        expected = name.replace("sklearn_", "sklearn.")
        expected = expected if "." in expected else f"histoexpr.{expected}"
        assert getattr(_rooms, name)().__name__ == expected


def test_reading_what_a_model_is_loads_no_torch(saved):
    code = (
        "import sys; from histoexpr import load_model, read_model_info;"
        "read_model_info(sys.argv[1]); load_model(sys.argv[2]); load_model(sys.argv[3]);"
        "print(sorted({'torch', 'skorch', 'matplotlib'} & set(sys.modules)))"
    )
    paths = [str(saved[name]) for name in ("cnn", "linear", "boosting")]
    command = [sys.executable, "-c", code, *paths]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
