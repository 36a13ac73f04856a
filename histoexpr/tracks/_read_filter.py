"""Which alignments count as reads, by the SAM flag and mapping quality."""

from typing import NamedTuple

UNMAPPED = 0x4
SECONDARY, QC_FAILED, DUPLICATE, SUPPLEMENTARY = 0x100, 0x200, 0x400, 0x800


class ReadFilter(NamedTuple):
    """Which alignments of BAM and CRAM files count; unmapped ones never do.

    Parameters
    ----------
    min_mapq : int, default=0
        Smallest mapping quality.
    keep_duplicates, keep_secondary, keep_qc_failed : bool, default=False
        Whether to count reads flagged as PCR or optical duplicates, secondary and supplementary
        alignments (by default a read counts once, where its primary alignment lies), and reads
        that failed quality control.
    """

    min_mapq: int = 0
    keep_duplicates: bool = False
    keep_secondary: bool = False
    keep_qc_failed: bool = False

    @property
    def skipped_flags(self):
        """Bits of the SAM flag, any of which excludes an alignment."""
        return (
            UNMAPPED
            | (0 if self.keep_duplicates else DUPLICATE)
            | (0 if self.keep_secondary else SECONDARY | SUPPLEMENTARY)
            | (0 if self.keep_qc_failed else QC_FAILED)
        )
