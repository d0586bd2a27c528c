"""Small models in HDF5, written by h5py as Keras 2 does it, deflated."""

import base64
import zlib

# The configuration as text of variable length, and of fixed length.
MODELS = {
    "lambda": (
        "eNrtmM9LAkEUx2fWikX6YRhaXlr21CGioiACISnLQ6RUhyDCNttSXFdqNYuIrvYv9Bd07M/oz+nYrWac98pZiqI6BL0P4mPeezOzO353we"
        "9NbmV1IJqKMolpsh4WY908A/spfYz1fYgcYhvinYH53k5tFPIxWN+KqHEZ8tub2azsfg6B+9wnVDQZ8R/JZTMFGXdgjHp6MPS+Wv3Q9Yot"
        "t3JcbgRdulz65r6o13Zc12s/y4G+B9mIUGXVPXWC4pl7GlTqvsiPcd6ZGXu9BlN7TvrkmpG3Z2dtOb/OGUwI9Ulmp2bmp6YZw9u9hXhplz"
        "wnCIq+U3PtRcveck+art+oOJ49admlun9UORb5SxsbApn3nAtxpWK4G56/7tQODp0P5p7L/FHTLzXETcrZ9lwrm8lk0mlR8Juep773rq7E"
        "Rz/HiSHSMEEQBEEQBEEQBEEMo88AY/TP3nyGgY7PoPwN9d+cfcFnuO3yGYxOnmt+HO47OqLGC+CzfebHmWOsazfivxH249A13knofVWIqM"
        "fcD/fd2sivSAWj7h7j+vphHRPvg748HhyHNwLnKtEDfRgjoi4rw9Y45CyWNFnyGuq94heRdcMwuHovqPUivJDSFYK0/9R5hHX1lCSN/AYv"
        "AvmOsw=="
    ),
    "lambda, fixed": (
        "eNrtmM1Kw0AQx3dTlSB+VCyt7cWQkwcRFQURChat9iAq6kEQqbFGW0xTbFo/EPFaX6FP4NHH8HE8etPd7Ix2gx+gHgTnR+mwM7O7yfafQP"
        "+3haXl/t5ML5OYJuticdbJM7Cf0cdY34fIIbYg3hmY7w5rI5CPw/pWTI3LkN/ezOdl93ME3Oc+qaLJiP9IIZ/bkHEHxqinB0Pvq9YOXa94"
        "7laOy42gQ5cL39wX9doa1vXaxwqg7wGWEKo8cetOUDxz60Gl5ot8mvNwZvz1GkztOemRa8benp2VxfVVzmBCpE8yPTE1OzHJGN5uG+KVXf"
        "KcICj6TtW15y17yz1tun6j4nj2uGWXav5R5Vjkr2xsCGTecy7FlYrhbnT+qlM9OHQ+mHsh80dNv9QQNyln2zPn+Vwul82Kgt/0PPW9d30t"
        "Pvo5jg2ShgmCIAiCIAiCIAhiCH0GGKN/9uYz9Ic+g/I31H9zFvoM7FOfod3hMxhhnmt+HO47klDjOfDZvvLjzDTr2I34b0T9OHSNd5J63w"
        "lE1GPhh/tura0vSQWj7h6H9fWjOibeB315PDgObwTOVaIL+jDGRF1WhqxRyFksZbLUDdS7xS8i64ZhcPVeUOvF+EZGVwjS+lPnEdXVU4o0"
        "8hu8APxMjrI="
    ),
    "dense": (
        "eNrtmM1Kw0AQx3dTlVD8qCit7cWQkwcpKgoiCBZb7UFU1IMgUkPdfmBM0bRWKeK1PkLfwKOP4eN49Ka73RltgqKoB8H5UTrszOxusv0n0P"
        "9tPrs2FE1FmcI0WR+LsV6egaNUcIz1I4gcYhvinYH5/m5tAvIxWN+K6HEF8ns7uZzqfg6B+9zHdTQZ8R/J5zLbKu7DGPX0YAT7TmvHwi00"
        "RbVcqfs9ulz55r6o1/ZYUK+DLA/6HmbjUpUn4tzxCxfi3K/WPJlPct6dGXu9BjPwnAyoNSNvz8766tYGZzAh1KeYS88upGcYw9vtQGzZRd"
        "fx/YLnnAp7ybJ3xVlDePWq49rTll2seaVqWeZbNjb4Ku86V/JK5fAgPD8rPF98MPVS5UsNr1iX96gm2/PNXCaTWV6WBa/huvr78PpafkLn"
        "ODVCGiYIgiAIgiAIgiCIUfQZYIz+2ZvPMNT1GbS/of+csy/4DJ0en8Ho5nnAj8N9J8b1eBF8ts/8ODPJenYj/hthPw5d4/14sO8EIuox/8"
        "N9dze3skrBqLvHseD6YR0T74O+PB4chzcC5zrRB30YI7KuKqPWJOQsljBZ4gbq/fIXUXXDMLh+L+j1Inw7FVQI0v5T5xHW1VOCNPIbvADW"
        "MY5f"
    ),
}


def hdf5(name: str) -> bytes:
    """The file: `lambda` and `lambda, fixed` have a layer with code, `dense` has none."""
    return zlib.decompress(base64.b64decode(MODELS[name]))
