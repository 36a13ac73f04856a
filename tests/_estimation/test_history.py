from histoexpr._estimation._history import TrainingHistory


def of(history, best=None):
    told = TrainingHistory()
    told._score, told.history_, told.best_epoch_ = "valid_auroc", history, best
    return told


def test_curves_are_read_from_the_epochs():
    rows = [{"train_loss": 0.5, "valid_auroc": 0.8}, {"train_loss": 0.4, "valid_auroc": 0.7}]
    assert of(rows).loss_curve_ == [0.5, 0.4]
    assert of(rows).validation_scores_ == [0.8, 0.7]
    assert of(rows).best_validation_score_ == 0.8
    assert of(rows, best=2).best_validation_score_ == 0.7  # the one that was kept


def test_without_held_out_samples_there_is_no_score():
    told = of([{"train_loss": 0.5}])
    assert told.validation_scores_ is None
    assert told.best_validation_score_ is None
