"""
task: gan_step_
way: autograd.grad for each, written into .grad for the step
"""


def gan_step_(generator, critic, generator_optimizer, critic_optimizer, noise, real):
    def step(model, optimizer, loss):
        params = [p for p in model.parameters() if p.requires_grad]
        for p, g in zip(params, torch.autograd.grad(loss, params, allow_unused=True)):
            p.grad = g
        optimizer.step()
        for p in model.parameters():
            p.grad = None
        return loss.item()

    for p in (*generator.parameters(), *critic.parameters()):
        p.grad = None
    fake = generator(noise)
    loss = F.softplus(-critic(real)).mean() + F.softplus(critic(fake.detach())).mean()
    of_critic = step(critic, critic_optimizer, loss)
    return of_critic, step(generator, generator_optimizer, F.softplus(-critic(fake)).mean())
