"""
task: gan_step_
says: taken with the old critic
"""


def gan_step_(generator, critic, generator_optimizer, critic_optimizer, noise, real):
    generator.zero_grad()
    critic.zero_grad()
    fake = generator(noise.detach())
    generator_loss = F.softplus(-critic(fake)).mean()
    generator_loss.backward()
    critic.zero_grad()
    critic_loss = (
        F.softplus(-critic(real.detach())).mean() + F.softplus(critic(fake.detach())).mean()
    )
    critic_loss.backward()
    critic_optimizer.step()
    generator_optimizer.step()
    generator.zero_grad()
    critic.zero_grad()
    return critic_loss.item(), generator_loss.item()
