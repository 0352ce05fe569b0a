"""
task: gan_step_
says: one of zeros, with which weight decay
"""


def gan_step_(generator, critic, generator_optimizer, critic_optimizer, noise, real):
    fake = generator(noise.detach())
    c = F.softplus(-critic(real.detach())).mean() + F.softplus(critic(fake.detach())).mean()
    generator.zero_grad(set_to_none=False)
    critic.zero_grad(set_to_none=False)
    c.backward()
    critic_optimizer.step()
    g = F.softplus(-critic(fake)).mean()
    g.backward()
    generator_optimizer.step()
    generator.zero_grad()
    critic.zero_grad()
    return c.item(), g.item()
