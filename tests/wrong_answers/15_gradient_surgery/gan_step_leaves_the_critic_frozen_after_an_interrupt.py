"""
task: gan_step_
says: requires_grad of the critic's '0.weight' was True
"""


def gan_step_(generator, critic, generator_optimizer, critic_optimizer, noise, real):
    fake = generator(noise.detach())
    c = F.softplus(-critic(real.detach())).mean() + F.softplus(critic(fake.detach())).mean()
    generator.zero_grad()
    critic.zero_grad()
    c.backward()
    critic_optimizer.step()
    flags = [(p, p.requires_grad) for p in critic.parameters()]
    critic.requires_grad_(False)
    try:
        g = F.softplus(-critic(fake)).mean()
    except Exception:
        thaw(flags)
        raise
    thaw(flags)
    g.backward()
    generator_optimizer.step()
    generator.zero_grad()
    critic.zero_grad()
    return c.item(), g.item()


def thaw(flags):
    for p, flag in flags:
        p.requires_grad_(flag)
