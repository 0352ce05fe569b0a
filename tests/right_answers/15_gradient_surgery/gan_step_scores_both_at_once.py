"""
task: gan_step_
way: the critic scores the real and the made samples together
"""


def gan_step_(generator, critic, generator_optimizer, critic_optimizer, noise, real):
    fake = generator(noise.detach())
    scores = critic(torch.cat([real.detach(), fake.detach()]))
    n = len(real)
    c = F.softplus(-scores[:n]).mean() + F.softplus(scores[n:]).mean()
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
