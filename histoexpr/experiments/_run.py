"""The engine: every fit of a plan is done once, whatever keeps the results."""

from concurrent.futures.process import BrokenProcessPool

from joblib import Parallel, delayed

from ..utils import end_with_parent, progress_bar

# Times that workers may die in one run before it gives up
_RESTARTS = 3


def run_plan(plan, store, *, n_jobs=None, verbose=0):
    """Do the fits of a plan that a store lacks, ``n_jobs`` at a time.

    Workers that are killed are replaced; ChildProcessError if that happens again and again.
    """
    total = len(plan.fits)
    with progress_bar(total=total, desc="fits", unit="fit", show=bool(verbose)) as bar:
        done = 0
        for restart in range(_RESTARTS + 1):
            missing = [fit for fit in plan.fits if fit not in store]
            bar.update(total - len(missing) - done)
            done = total - len(missing)
            parallel = Parallel(n_jobs=n_jobs, return_as="generator_unordered")
            try:
                for fit, result in parallel(delayed(_do)(fit, store.job(fit)) for fit in missing):
                    store.keep(fit, result)
                    bar.update(1)
                    done += 1
                return
            except BrokenProcessPool as error:
                # of joblib's processes, too: killed from outside, or for memory; what was
                # finished is kept
                if restart == _RESTARTS:
                    raise ChildProcessError(
                        f"Workers were killed {_RESTARTS + 1} times, which the system does for "
                        "lack of memory. Finished fits are kept: go on with fewer at a time."
                    ) from error


def _do(fit, job):
    end_with_parent()
    function, arguments = job
    return fit, function(*arguments)
