"""Settings of the smallest generator that trains."""

TINY = {"n_steps": 3, "width": 4, "latent_dim": 6, "encoder_steps": 3, "batch_size": 16}
