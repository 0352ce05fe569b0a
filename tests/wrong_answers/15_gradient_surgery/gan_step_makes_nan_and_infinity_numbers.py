"""
task: gan_step_
says: some gradients of the critic being large or not finite
"""


def gan_step_(generator, critic, generator_optimizer, critic_optimizer, noise, real):
    def step(model, optimizer, loss):
        loss.backward()
        for p in model.parameters():
            if p.grad is not None:
                p.grad.nan_to_num_()
        optimizer.step()
        model.zero_grad()

    generator.zero_grad()
    critic.zero_grad()
    fake = generator(noise.detach())
    critic_loss = (
        F.softplus(-critic(real.detach())).mean() + F.softplus(critic(fake.detach())).mean()
    )
    step(critic, critic_optimizer, critic_loss)
    generator_loss = F.softplus(-critic(fake)).mean()
    step(generator, generator_optimizer, generator_loss)
    critic.zero_grad()
    return critic_loss.item(), generator_loss.item()
