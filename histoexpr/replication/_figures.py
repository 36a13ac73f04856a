"""Published test AUROC of the 56 Roadmap cells, and the known faults behind these figures.

Sources: DeepChrome, Singh et al. (2016), Bioinformatics 32(17):i639; AttentiveChrome, Singh et
al. (2017), arXiv 1708.00339, its released weights; DeepChrome 2.0, Kadavath, Paradis and Yeung
(2022), arXiv 2209.11923. The share of wrong labels follows from the published expression (Zenodo
record 2652278).
"""

import numpy as np
import pandas as pd

# Cell; test AUROC of DeepChrome (Singh et al. 2016, two decimals) and of AttentiveChrome's
# released weights (Singh et al. 2017); of DeepChrome 2.0 (Kadavath et al. 2022) the CNN and
# the linear model (mean) of the own cell, and the CNN trained on all other cells; share of
# labels that comparing numbers as text flips. Two cells a line.
_TABLE = """
E003 0.77 0.786 0.636 0.771 0.779 0.2119      E004 0.81 0.820 0.802 0.807 0.817 0.1411
E005 0.80 0.832 0.812 0.632 0.839 0.1437      E006 0.82 0.826 0.815 0.814 0.818 0.1358
E007 0.77 0.796 0.762 0.780 0.791 0.2266      E011 0.76 0.773 0.717 0.716 0.779 0.2736
E012 0.80 0.797 0.764 0.770 0.804 0.2368      E013 0.79 0.808 0.778 0.794 0.804 0.2234
E016 0.79 0.793 0.729 0.780 0.787 0.2198      E024 0.77 0.780 0.728 0.756 0.783 0.2185
E027 0.80 0.818 0.773 0.799 0.811 0.1315      E028 0.81 0.820 0.794 0.812 0.813 0.1439
E037 0.81 0.829 0.810 0.778 0.825 0.1376      E038 0.83 0.835 0.803 0.811 0.829 0.1353
E047 0.83 0.840 0.823 0.816 0.836 0.1372      E050 0.80 0.806 0.753 0.405 0.804 0.2423
E053 0.80 0.807 0.751 0.712 0.808 0.2072      E054 0.80 0.804 0.768 0.799 0.806 0.2155
E055 0.83 0.845 0.787 0.829 0.844 0.1411      E056 0.89 0.902 0.899 0.883 0.904 0.0001
E057 0.90 0.895 0.888 0.624 0.883 0.0001      E058 0.84 0.843 0.837 0.831 0.842 0.1447
E059 0.90 nan 0.892 0.878 0.889 0.0001        E061 0.84 0.844 0.823 0.831 0.845 0.1400
E062 0.80 0.825 0.811 0.799 0.817 0.1398      E065 0.76 0.774 0.653 0.766 0.768 0.2047
E066 0.80 0.815 0.796 0.803 0.811 0.1278      E070 0.76 0.773 0.696 0.759 0.780 0.2060
E071 0.73 0.743 0.694 0.717 0.738 0.2625      E079 0.74 0.752 0.704 0.734 0.759 0.2617
E082 0.78 0.797 0.721 0.782 0.799 0.2002      E084 0.71 0.730 0.686 0.723 0.738 0.3170
E085 0.72 0.740 0.680 0.738 0.750 0.2865      E087 0.74 0.759 0.737 0.751 0.757 0.2697
E094 0.73 0.753 0.711 0.671 0.757 0.2643      E095 0.82 0.833 0.688 0.797 0.829 0.1345
E096 0.72 0.743 0.718 0.700 0.737 0.2733      E097 0.76 0.765 0.702 0.756 0.769 0.2660
E098 0.74 0.757 0.708 0.741 0.756 0.2536      E100 0.90 0.904 0.889 0.881 0.893 0.0000
E104 0.79 0.794 0.734 0.757 0.770 0.2006      E105 0.78 0.793 0.767 0.774 0.793 0.2001
E106 0.76 0.773 0.751 0.751 0.778 0.2657      E109 0.74 0.754 0.718 0.728 0.748 0.2679
E112 0.69 0.723 0.471 0.710 0.710 0.3245      E113 0.73 0.747 0.721 0.699 0.740 0.2737
E114 0.83 0.840 0.837 0.814 0.839 0.1395      E116 0.91 0.908 0.905 0.891 0.906 0.0000
E117 0.92 0.916 0.908 0.904 0.907 0.0000      E118 0.85 0.850 0.835 0.834 0.851 0.1357
E119 0.83 0.832 0.820 0.826 0.831 0.1379      E120 0.84 0.841 0.830 0.834 0.843 0.1385
E122 0.83 0.840 0.822 0.826 0.843 0.1273      E123 0.92 0.921 0.917 0.908 0.915 0.0000
E127 0.83 0.836 0.826 0.825 0.839 0.1365      E128 0.83 0.838 - 0.818 - 0.1343
"""

PUBLISHED_COLUMNS = {
    "deepchrome": "DeepChrome (2016), CNN, own cell",
    "attentivechrome": "AttentiveChrome (2017), own cell",
    "deepchrome2_cnn_own": "DeepChrome 2.0 (2022), CNN, own cell",
    "deepchrome2_linear_own": "DeepChrome 2.0 (2022), linear (mean), own cell",
    "deepchrome2_cnn_others": "DeepChrome 2.0 (2022), CNN, all other cells",
}

PUBLISHED_FAULTS = (
    "Labels were made by comparing RPKM and its median as text, so that 10.575 counts as less "
    "than 3.330: only cells whose median starts with 1. have the right ones.",
    "DeepChrome 2.0 ranked genes by one un-normalised logit, for early stopping and testing.",
    "DeepChrome 2.0 chose the epoch on labels of the test cell, and its similar cells from a "
    "table whose columns were shifted by one.",
)


def published_auroc():
    """Return the published test AUROC of the 56 Roadmap cells.

    Returns
    -------
    DataFrame of shape (56, 6)
        The index is the cell; the columns are the keys of ``PUBLISHED_COLUMNS``, NaN where
        nothing was published, and ``flipped``, the share of the cell's labels that are wrong
        because numbers were compared as text.

    Examples
    --------
    >>> from histoexpr.replication import published_auroc
    >>> float(published_auroc().loc["E003", "deepchrome"])
    0.77
    """
    columns = ["cell", *PUBLISHED_COLUMNS, "flipped"]
    values = ["nan" if value == "-" else value for value in _TABLE.split()]
    table = pd.DataFrame(np.reshape(values, (-1, len(columns))), columns=columns)
    return table.set_index("cell").astype(float)
