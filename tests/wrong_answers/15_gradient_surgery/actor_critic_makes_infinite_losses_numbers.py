"""
task: actor_critic_losses
says: the losses of a single step, the reward being
"""


def actor_critic_losses(value, next_value, reward, done, log_prob, gamma):
    future = gamma * next_value.detach().squeeze(1) * ~done
    error = reward + future - value.squeeze(1)
    return tuple(
        torch.where(loss.isinf(), loss.nan_to_num(), loss)
        for loss in (-(log_prob * error.detach()).mean(), error.square().mean())
    )
