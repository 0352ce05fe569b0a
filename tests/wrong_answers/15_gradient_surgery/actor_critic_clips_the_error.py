"""
task: actor_critic_losses
says: differ
"""


def actor_critic_losses(value, next_value, reward, done, log_prob, gamma):
    future = gamma * next_value.detach().squeeze(1) * ~done
    error = (reward + future - value.squeeze(1)).clamp(-1e3, 1e3)
    return -(log_prob * error.detach()).mean(), error.square().mean()
