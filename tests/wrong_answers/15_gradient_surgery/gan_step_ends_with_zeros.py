"""
task: gan_step_
says: it is zeros
"""


def gan_step_(generator, critic, generator_optimizer, critic_optimizer, noise, real):
    generator.zero_grad()
    critic.zero_grad()
    noise, real = noise.detach(), real.detach()
    fake = generator(noise)
    d_loss = F.softplus(-critic(real)).mean() + F.softplus(critic(fake.detach())).mean()
    d_loss.backward()
    critic_optimizer.step()
    critic.zero_grad()
    g_loss = F.softplus(-critic(fake)).mean()
    g_loss.backward()
    generator_optimizer.step()
    generator.zero_grad(set_to_none=False)
    critic.zero_grad(set_to_none=False)
    return d_loss.item(), g_loss.item()
