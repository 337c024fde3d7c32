import torch
from torch import nn


def counted(count, modulus):
    return (torch.arange(count) % modulus - modulus // 2) / 2


block = nn.Sequential(
    nn.Conv2d(10, 10, 3, padding=1, groups=10, bias=False),
    nn.Conv2d(10, 32, 1, bias=False),
)
with torch.no_grad():
    block[0].weight.copy_(counted(10 * 3 * 3, 7).reshape(10, 1, 3, 3))
    block[1].weight.copy_(counted(32 * 10, 5).reshape(32, 10, 1, 1))
    image = counted(10 * 112 * 112, 11).reshape(1, 10, 112, 112)
    result = block(image).flatten()
print(len(result), result[:3], result.double().sum())
torch.onnx.export(block.eval(), image, "block.onnx", dynamo=False)
