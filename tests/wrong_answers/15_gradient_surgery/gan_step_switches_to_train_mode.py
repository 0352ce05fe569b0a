"""
task: gan_step_
says: came in eval mode is in the other one
"""


def gan_step_(generator, critic, generator_optimizer, critic_optimizer, noise, real):
    generator.train()
    critic.train()
    fake = generator(noise.detach())
    c = F.softplus(-critic(real.detach())).mean() + F.softplus(critic(fake.detach())).mean()
    generator.zero_grad()
    critic.zero_grad()
    c.backward()
    critic_optimizer.step()
    generator.zero_grad()
    critic.zero_grad()
    g = F.softplus(-critic(fake)).mean()
    g.backward()
    generator_optimizer.step()
    generator.zero_grad()
    critic.zero_grad()
    return c.item(), g.item()
