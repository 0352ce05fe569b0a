"""
task: gan_step_
says: the generator ran forward 2 times
"""


def gan_step_(generator, critic, generator_optimizer, critic_optimizer, noise, real):
    critic.zero_grad()
    fake = generator(noise.detach())
    critic_loss = (
        F.softplus(-critic(real.detach())).mean() + F.softplus(critic(fake.detach())).mean()
    )
    critic_loss.backward()
    critic_optimizer.step()
    generator.zero_grad()
    generator_loss = F.softplus(-critic(generator(noise.detach()))).mean()
    generator_loss.backward()
    generator_optimizer.step()
    generator.zero_grad()
    critic.zero_grad()
    return critic_loss.item(), generator_loss.item()
