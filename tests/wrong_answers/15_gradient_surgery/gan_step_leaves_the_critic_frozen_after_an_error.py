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
    g = F.softplus(-critic(fake)).mean()
    for p, flag in flags:
        p.requires_grad_(flag)
    g.backward()
    generator_optimizer.step()
    generator.zero_grad()
    critic.zero_grad()
    return c.item(), g.item()
