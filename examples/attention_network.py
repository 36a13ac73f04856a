"""A network of one's own: a recurrent one with attention over bins, in all of our tools.

AttentiveChrome (Singh et al. 2017, Attend and Predict, NeurIPS) reads every mark with a recurrent
network and learns which bins and which marks to attend to. Here the idea is one torch module
of some thirty lines; training, scaling, seeding and evaluation across cells come from
HistoneNetClassifier.

    python examples/attention_network.py
"""

import torch
from torch import nn

from histoexpr import (
    HistoneLinearClassifier,
    HistoneNetClassifier,
    HistoneNetRegressor,
    evaluate_cells,
    make_histone_cells,
)


class AttentiveLSTM(nn.Module):
    """Bidirectional LSTM over bins, attention over bins of each mark, then over marks.

    Parameters
    ----------
    n_marks, n_outputs : int
        Set by the estimator.
    width : int, default=16
        Size of the state in each direction.

    Shape
    -----
    - Input: ``(batch, n_bins, n_marks)``
    - Output: ``(batch, n_outputs)``
    """

    def __init__(self, n_marks, n_outputs, width=16):
        super().__init__()
        self.of_bins = nn.ModuleList(
            nn.LSTM(1, width, bidirectional=True, batch_first=True) for _ in range(n_marks)
        )
        self.bin_query = nn.Parameter(torch.randn(n_marks, 2 * width) / width**0.5)
        self.mark_query = nn.Parameter(torch.randn(2 * width) / width**0.5)
        self.head = nn.Linear(2 * width, n_outputs)

    def forward(self, x):
        """Return the outputs."""
        of_marks = []
        for mark, (lstm, query) in enumerate(zip(self.of_bins, self.bin_query, strict=True)):
            states, _ = lstm(x[:, :, mark : mark + 1])
            attention = torch.softmax(states @ query, dim=1)
            of_marks.append((attention.unsqueeze(2) * states).sum(dim=1))
        states = torch.stack(of_marks, dim=1)
        attention = torch.softmax(states @ self.mark_query, dim=1)
        return self.head((attention.unsqueeze(2) * states).sum(dim=1))


def main():
    data = make_histone_cells(n_cells=2, n_genes=300, n_bins=50, bin_size=200, random_state=0)
    settings = {"lr": 1e-2, "batch_size": 32, "max_epochs": 6, "random_state": 0}
    models = {
        "attention": HistoneNetClassifier(AttentiveLSTM, module__width=8, **settings),
        "attention, level": HistoneNetRegressor(AttentiveLSTM, module__width=8, **settings),
        "10 regions": HistoneLinearClassifier(n_regions=10),
    }
    results = evaluate_cells(models, data, n_splits=2)
    print(results.format_summary(only_mean=True))


if __name__ == "__main__":
    main()
