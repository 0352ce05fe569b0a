"""
task: gan_step_
way: the critic is frozen while the generator learns
"""


def gan_step_(generator, critic, generator_optimizer, critic_optimizer, noise, real):
    params = [*generator.parameters(), *critic.parameters()]
    for p in params:
        p.grad = None
    fake = generator(noise.detach())
    loss_c = (
        -F.logsigmoid(critic(real.detach())).mean() - F.logsigmoid(-critic(fake.detach())).mean()
    )
    loss_c.backward()
    critic_optimizer.step()
    was = [p.requires_grad for p in critic.parameters()]
    for p in critic.parameters():
        p.requires_grad_(False)
    try:
        loss_g = -F.logsigmoid(critic(fake)).mean()
        loss_g.backward()
    finally:
        for p, flag in zip(critic.parameters(), was):
            p.requires_grad_(flag)
    generator_optimizer.step()
    for p in params:
        p.grad = None
    return loss_c.item(), loss_g.item()
