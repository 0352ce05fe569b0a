"""
task: actor_critic_losses
says: squeeze value
"""


def actor_critic_losses(value, next_value, reward, done, log_prob, gamma):
    error = reward + gamma * next_value.detach().squeeze(1) * ~done - value
    return -(log_prob * error.detach()).mean(), error.square().mean()
