"""Adversarial training of a generator and a critic with penalties of the critic's gradient."""

import copy
import time
from dataclasses import dataclass

import torch
from torch.nn.functional import softplus

from .._training import fuse_updates

# The penalties are computed at one critic step out of so many, and weigh as much more: their
# second derivatives cost more than the rest of the step.
_PENALTY_EVERY = 8
_BETAS = (0.0, 0.9)


@dataclass(frozen=True)
class GanPlan:
    """How a generator is trained; fields are the estimator's parameters of the same name."""

    lr: float
    n_critic: int
    gradient_penalty: float
    ema_decay: float
    eval_every: int
    n_iter_no_change: int | None
    verbose: int


class SignalSource:
    """Random batches of real signals on the scale of the critic, onto which ``scale`` brings.

    A SignalDataset has the signals, and as ``y`` the row of ``conditions`` for each sample.
    ``conditions`` are the one-hot ones that occur, a Tensor (n_combinations, n_conditions).
    """

    def __init__(self, dataset, conditions, scale, batch_size, rng):
        self.dataset, self.conditions, self.scale = dataset, conditions, scale
        self.batch_size, self.rng = batch_size, rng

    def draw(self):
        """Return scaled signals and conditions of a batch."""
        rows = self.rng.randint(len(self.dataset), size=self.batch_size)
        signals, rows = self.dataset.batch(rows)
        device = self.conditions.device
        return self.scale(signals.to(device)), self.conditions[rows.to(device)]


class AdversarialTraining:
    """A generator, its moving average and a critic in training, with their optimizers.

    Holds all that is needed to go on with training later, and no data.
    """

    def __init__(self, generator, critic):
        self.generator, self.critic = generator, critic
        self.average = copy.deepcopy(generator).requires_grad_(False)
        self.n_steps_, self._critic_steps, self._norm = 0, 0, torch.tensor(torch.nan)
        self.generator_optimizer = torch.optim.Adam(generator.parameters(), betas=_BETAS)
        self.critic_optimizer = torch.optim.Adam(critic.parameters(), betas=_BETAS)
        for optimizer in (self.generator_optimizer, self.critic_optimizer):
            fuse_updates(optimizer)

    def run(self, n_steps, source, plan, after_step=None):
        """Train the generator for some steps, and return as a dict what they were like.

        Means over the steps are critic_gap (mean score of real less that of generated signals)
        and gradient_norm (root mean square of the critic's gradient at real and generated
        signals); seconds is the time taken. ``after_step`` is called without arguments after each
        step.
        """
        start = time.perf_counter()
        for optimizer in (self.generator_optimizer, self.critic_optimizer):
            optimizer.param_groups[0]["lr"] = plan.lr
        gaps, norms = [], []
        for _ in range(n_steps):
            for _ in range(plan.n_critic):
                batch = self._draw(source)
                gaps.append(self._critic_step(*batch, plan))
                norms.append(self._norm)
            # once more what the critic has just seen: making it is the dearest part of a step
            self._generator_step(*batch, plan)
            if after_step is not None:
                after_step()
        for network in (self.generator, self.critic):
            network.zero_grad(set_to_none=True)
        return {
            "critic_gap": torch.stack(gaps).double().mean().item(),
            "gradient_norm": torch.stack(norms).double().mean().item(),
            "seconds": time.perf_counter() - start,
        }

    def _draw(self, source):
        """Return real signals, generated ones of the same conditions, and these."""
        real, conditions = source.draw()
        return real, self.generator.scaled(*draw_codes(self.generator, conditions)), conditions

    def _critic_step(self, real, fake, conditions, plan):
        fake = fake.detach()
        scores = self.critic(torch.cat([real, fake]), conditions.repeat(2, 1))
        gap = scores[: len(real)] - scores[len(real) :]
        loss = softplus(-gap).mean()
        if plan.gradient_penalty and self._critic_steps % _PENALTY_EVERY == 0:
            squares = self._squared_gradients(torch.cat([real, fake]), conditions.repeat(2, 1))
            # the sum of the means over real and over generated signals
            loss = loss + plan.gradient_penalty / 2 * _PENALTY_EVERY * 2 * squares.mean()
            self._norm = squares.detach().mean().sqrt()
        self._critic_steps += 1
        self.critic_optimizer.zero_grad()
        loss.backward()
        self.critic_optimizer.step()
        return gap.detach().mean()

    def _squared_gradients(self, signals, conditions):
        signals = signals.requires_grad_()
        score = self.critic(signals, conditions).sum()
        (gradient,) = torch.autograd.grad(score, signals, create_graph=True)
        return gradient.flatten(start_dim=1).square().sum(dim=1)

    def _generator_step(self, real, fake, conditions, plan):
        self.critic.requires_grad_(False)
        with torch.no_grad():
            score = self.critic(real, conditions)
        loss = softplus(score - self.critic(fake, conditions)).mean()
        self.generator_optimizer.zero_grad()
        loss.backward()
        self.generator_optimizer.step()
        self.critic.requires_grad_(True)
        self.n_steps_ += 1
        # A lower decay in the first steps, where the initial weights would dominate.
        decay = min(plan.ema_decay, self.n_steps_ / (self.n_steps_ + 10))
        with torch.no_grad():
            pairs = zip(self.average.parameters(), self.generator.parameters(), strict=True)
            for mean, value in pairs:
                mean.lerp_(value, 1 - decay)


def draw_codes(generator, conditions):
    """Return random codes with the given conditions, and noise for them."""
    made = {"device": conditions.device, "dtype": conditions.dtype}
    latent = torch.randn(len(conditions), generator.latent_dim, **made)
    noise = torch.randn(len(conditions), generator.noise_size, **made)
    return torch.cat([latent, conditions], dim=1), noise
