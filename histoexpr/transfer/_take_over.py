"""What an estimator that wraps another one takes over from it."""

# What a fitted estimator knows of X
_LEARNED = (
    "n_features_in_",
    "feature_names_in_",
    "n_bins_in_",
    "n_marks_in_",
    "mark_names_in_",
    "bin_size_in_",
    "window_in_",
    "oriented_in_",
)


def take_over(estimator, wrapped):
    """Let an estimator know of X what the fitted one that it wraps knows."""
    last = wrapped.steps[-1][1] if hasattr(wrapped, "steps") else wrapped
    for name in _LEARNED:
        vars(estimator).pop(name, None)
        for source in (wrapped, last):
            if hasattr(source, name):
                setattr(estimator, name, getattr(source, name))
                break
