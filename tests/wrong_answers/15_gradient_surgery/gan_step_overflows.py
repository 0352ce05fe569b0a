"""
task: gan_step_
says: scores being about
"""


def gan_step_(generator, critic, generator_optimizer, critic_optimizer, noise, real):
    def soft(t):
        return torch.log(1 + torch.exp(t)).mean()

    fake = generator(noise.detach())
    c = soft(-critic(real.detach())) + soft(critic(fake.detach()))
    generator.zero_grad()
    critic.zero_grad()
    c.backward()
    critic_optimizer.step()
    g = soft(-critic(fake))
    g.backward()
    generator_optimizer.step()
    generator.zero_grad()
    critic.zero_grad()
    return c.item(), g.item()
