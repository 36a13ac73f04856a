"""Training loops: generator against critic, then the encoder."""

import time
from dataclasses import dataclass

import numpy as np
import torch

from ..utils import split_batches

# The penalty is computed at one critic step out of so many, and weighs as much more: its
# second derivatives cost about as much as the rest of the step.
_PENALTY_EVERY = 4
_BETAS = (0.0, 0.9)


@dataclass(frozen=True)
class GanPlan:
    """How a generator is trained; fields are the estimator's parameters of the same name."""

    lr: float
    n_critic: int
    gradient_penalty: float
    batch_size: int
    ema_decay: float
    device: str


class SignalSource:
    """Random batches of real signals on the scale of the critic.

    Parameters
    ----------
    dataset : SignalDataset
        Signals, and as ``y`` the row of ``conditions`` for each sample.
    conditions : Tensor of shape (n_combinations, n_conditions)
        The one-hot conditions that occur.
    scale : SignalInput
        Brings signals onto the scale of the critic.
    whole : bool
        Whether signals are whole numbers. They are then spread evenly over ± 1/2, or a critic
        would tell generated signals by their decimals alone; rounding undoes it.
    plan : GanPlan
    rng : numpy.random.RandomState
    """

    def __init__(self, dataset, conditions, scale, whole, plan, rng):
        self.dataset, self.conditions, self.scale = dataset, conditions, scale
        self.whole, self.plan, self.rng = whole, plan, rng

    def draw(self):
        """Return scaled signals and conditions of a batch."""
        rows = self.rng.randint(len(self.dataset), size=self.plan.batch_size)
        signals, rows = self.dataset.batch(rows)
        signals = signals.to(self.plan.device)
        if self.whole:
            signals = (signals + torch.rand_like(signals) - 0.5).clamp(min=0)
        return self.scale(signals), self.conditions[rows.to(self.plan.device)]


class AdversarialTraining:
    """A generator, its moving average and a critic in training.

    Parameters
    ----------
    generator, average : HistoneGenerator
        The generator in training, and the one that holds the moving average of its weights.
    critic : HistoneCritic
    source : SignalSource
    plan : GanPlan
    """

    def __init__(self, generator, average, critic, source, plan):
        self.generator, self.average, self.critic = generator, average, critic
        self.source, self.plan, self.n_steps_ = source, plan, 0
        self._critic_steps, self._norm = 0, float("nan")
        self.generator_optimizer = torch.optim.Adam(generator.parameters(), plan.lr, _BETAS)
        self.critic_optimizer = torch.optim.Adam(critic.parameters(), plan.lr, _BETAS)

    def run(self, n_steps):
        """Train the generator for some steps.

        Returns
        -------
        dict
            Means over the steps: critic_gap (mean score of real less that of generated
            signals), gradient_norm (of the critic, between real and generated), and seconds.
        """
        start = time.perf_counter()
        gaps, norms = [], []
        for _ in range(n_steps):
            for _ in range(self.plan.n_critic):
                self._critic_step(gaps, norms)
            self._generator_step()
        return {
            "critic_gap": float(np.mean(gaps)),
            "gradient_norm": float(np.mean(norms)),
            "seconds": time.perf_counter() - start,
        }

    def _critic_step(self, gaps, norms):
        real, conditions = self.source.draw()
        with torch.no_grad():
            fake = self.generator.scaled(*draw_codes(self.generator, conditions))
        both = self.critic(torch.cat([real, fake]), conditions.repeat(2, 1))
        gap = both[: len(real)].mean() - both[len(real) :].mean()
        loss = -gap
        if self._critic_steps % _PENALTY_EVERY == 0:
            norm = self._gradient_norm(real, fake, conditions)
            weight = self.plan.gradient_penalty * _PENALTY_EVERY
            loss = loss + weight * (norm - 1).square().mean()
            self._norm = norm.mean().item()
        self._critic_steps += 1
        self.critic_optimizer.zero_grad()
        loss.backward()
        self.critic_optimizer.step()
        gaps.append(gap.item())
        norms.append(self._norm)

    def _gradient_norm(self, real, fake, conditions):
        share = torch.rand(len(real), 1, 1, device=real.device)
        between = (share * real + (1 - share) * fake).requires_grad_()
        score = self.critic(between, conditions).sum()
        (gradient,) = torch.autograd.grad(score, between, create_graph=True)
        return gradient.flatten(start_dim=1).norm(dim=1)

    def _generator_step(self):
        _, conditions = self.source.draw()
        fake = self.generator.scaled(*draw_codes(self.generator, conditions))
        self.critic.requires_grad_(False)
        loss = -self.critic(fake, conditions).mean()
        self.generator_optimizer.zero_grad()
        loss.backward()
        self.generator_optimizer.step()
        self.critic.requires_grad_(True)
        self.n_steps_ += 1
        # A young average forgets faster, or it would remember the initial weights.
        decay = min(self.plan.ema_decay, self.n_steps_ / (self.n_steps_ + 10))
        with torch.no_grad():
            pairs = zip(self.average.parameters(), self.generator.parameters(), strict=True)
            for mean, value in pairs:
                mean.lerp_(value, 1 - decay)


def draw_codes(generator, conditions):
    """Return random codes with the given conditions, and noise for them."""
    shape, device = len(conditions), conditions.device
    latent = torch.randn(shape, generator.latent_dim, device=device)
    noise = torch.randn(shape, generator.noise_size, device=device)
    return torch.cat([latent, conditions], dim=1), noise


def train_encoder(encoder, generator, source, plan, n_steps):
    """Teach an encoder to find the codes of signals; the generator stays as it is.

    Half of the loss comes from generated signals, whose codes are known, half from real
    ones, which the generator has to give back from the code.

    Parameters
    ----------
    encoder : HistoneEncoder
    generator : HistoneGenerator
    source : SignalSource
    plan : GanPlan
    n_steps : int
    """
    optimizer = torch.optim.Adam(encoder.parameters(), 1e-3)
    generator.requires_grad_(False)
    for _ in range(n_steps):
        real, conditions = source.draw()
        code, noise = draw_codes(generator, conditions)
        fake = generator.scaled(code, noise)
        found = encoder.from_scaled(torch.cat([fake, real]))
        known, unknown = found[: len(fake)], found[len(fake) :]
        latent = generator.latent_dim
        loss = (
            (known - code).square().mean()
            + (generator.scaled(unknown) - real).square().mean()
            # real signals get codes as common as those that the generator was trained with
            + 0.01 * unknown[:, :latent].square().mean()
            + (unknown[:, latent:] - conditions).square().sum(dim=1).mean()
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    generator.requires_grad_(True)


def are_counts(X):
    """Whether signals are whole numbers throughout, read batch by batch."""
    return X.dtype.kind in "iu" or all(
        np.array_equal(X[rows], np.rint(X[rows])) for rows in split_batches(len(X), 512)
    )
