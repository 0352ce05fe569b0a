"""
task: gan_step_
says: backward passed through the generator 2 times
"""


def gan_step_(generator, critic, generator_optimizer, critic_optimizer, noise, real):
    critic.zero_grad()
    fake = generator(noise.detach())
    critic_loss = F.softplus(-critic(real.detach())).mean() + F.softplus(critic(fake)).mean()
    critic_loss.backward(retain_graph=True)
    critic_optimizer.step()
    generator.zero_grad()
    generator_loss = F.softplus(-critic(fake)).mean()
    generator_loss.backward()
    generator_optimizer.step()
    generator.zero_grad()
    critic.zero_grad()
    return critic_loss.item(), generator_loss.item()
