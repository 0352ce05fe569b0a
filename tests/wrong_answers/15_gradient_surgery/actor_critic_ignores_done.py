"""
task: actor_critic_losses
says: done is ignored
"""


def actor_critic_losses(value, next_value, reward, done, log_prob, gamma):
    error = reward + gamma * next_value.detach().squeeze(1) - value.squeeze(1)
    return -(log_prob * error.detach()).mean(), error.square().mean()
