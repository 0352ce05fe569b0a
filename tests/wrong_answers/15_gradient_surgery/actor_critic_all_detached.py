"""
task: actor_critic_losses
says: the critic never learns
"""


def actor_critic_losses(value, next_value, reward, done, log_prob, gamma):
    error = (reward + gamma * next_value.squeeze(1) * ~done - value.squeeze(1)).detach()
    return -(log_prob * error).mean(), error.square().mean()
