"""
task: gan_step_
says: scores being about
"""


def gan_step_(generator, critic, generator_optimizer, critic_optimizer, noise, real):
    fake = generator(noise.detach())
    c = (
        -torch.log(torch.sigmoid(critic(real.detach()))).mean()
        - torch.log(1 - torch.sigmoid(critic(fake.detach()))).mean()
    )
    generator.zero_grad()
    critic.zero_grad()
    c.backward()
    critic_optimizer.step()
    generator.zero_grad()
    critic.zero_grad()
    g = -torch.log(torch.sigmoid(critic(fake))).mean()
    g.backward()
    generator_optimizer.step()
    generator.zero_grad()
    critic.zero_grad()
    return c.item(), g.item()
