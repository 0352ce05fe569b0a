"""
task: gan_step_
says: a frozen parameter
"""


def gan_step_(generator, critic, generator_optimizer, critic_optimizer, noise, real):
    for p in generator.parameters():
        if p.requires_grad:
            p.grad = None
    for p in critic.parameters():
        if p.requires_grad:
            p.grad = None
    noise, real = noise.detach(), real.detach()
    fake = generator(noise)
    d_loss = F.softplus(-critic(real)).mean() + F.softplus(critic(fake.detach())).mean()
    d_loss.backward()
    critic_optimizer.step()
    for p in critic.parameters():
        if p.requires_grad:
            p.grad = None
    g_loss = F.softplus(-critic(fake)).mean()
    g_loss.backward()
    generator_optimizer.step()
    for p in generator.parameters():
        if p.requires_grad:
            p.grad = None
    for p in critic.parameters():
        if p.requires_grad:
            p.grad = None
    return d_loss.item(), g_loss.item()
