"""What estimators of networks tell of their training."""

import numpy as np


class TrainingHistory:
    """Reads ``history_``, a dict an epoch; ``_score`` names the score of held-out samples."""

    @property
    def loss_curve_(self):
        """Training loss of each epoch, as a list."""
        return [float(row["train_loss"]) for row in self.history_]

    @property
    def validation_scores_(self):
        """Score on held-out samples after each epoch, as a list; None without any.

        AUROC of classifiers, R² of regressors.
        """
        scores = [float(row[self._score]) for row in self.history_ if self._score in row]
        return scores or None

    @property
    def best_validation_score_(self):
        """Score on held-out samples of the epoch that was kept, or the highest; None without."""
        if self.best_epoch_ is not None and self._score in self.history_[self.best_epoch_ - 1]:
            return float(self.history_[self.best_epoch_ - 1][self._score])
        scores = self.validation_scores_
        return None if scores is None else float(np.nanmax([-np.inf, *scores]))
