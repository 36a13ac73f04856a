"""What figures look like, pixel by pixel."""

import io


def colours_in(figure, box, **save):
    """Return the different colours of the pixels within a box of a figure, as saved."""
    import matplotlib.pyplot as plt

    file = io.BytesIO()
    figure.savefig(file, **save)
    file.seek(0)
    pixels = plt.imread(file)
    scale = save.get("dpi", figure.dpi) / figure.dpi
    left, right = (round(scale * x) for x in (box.x0 + 2, box.x1 - 2))
    top, bottom = (len(pixels) - round(scale * y) for y in (box.y1 - 2, box.y0 + 2))
    return {tuple(pixel) for pixel in pixels[top:bottom, left:right].reshape(-1, 4)}
