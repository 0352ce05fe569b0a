"""
task: gan_step_
says: .grad of input 1
"""


def gan_step_(generator, critic, generator_optimizer, critic_optimizer, noise, real):
    fake = generator(noise)
    c = F.softplus(-critic(real)).mean() + F.softplus(critic(fake.detach())).mean()
    generator.zero_grad()
    critic.zero_grad()
    c.backward()
    critic_optimizer.step()
    g = F.softplus(-critic(fake)).mean()
    g.backward()
    generator_optimizer.step()
    generator.zero_grad()
    critic.zero_grad()
    return c.item(), g.item()
