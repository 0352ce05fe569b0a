"""
task: gan_step_
way: gradients are cleared before anything runs
"""


def gan_step_(generator, critic, generator_optimizer, critic_optimizer, noise, real):
    generator.zero_grad()
    critic.zero_grad()
    fake = generator(noise.detach())
    c = F.softplus(-critic(real.detach())).mean() + F.softplus(critic(fake.detach())).mean()
    c.backward()
    critic_optimizer.step()
    g = F.softplus(-critic(fake)).mean()
    g.backward()
    generator_optimizer.step()
    generator.zero_grad()
    critic.zero_grad()
    return c.item(), g.item()
