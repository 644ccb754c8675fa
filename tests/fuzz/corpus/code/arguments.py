import argparse
p = argparse.ArgumentParser()
p.add_argument('--x', default=p)
p.add_argument('y')
p.add_argument()
a = p.parse_args()
print(a.x.x.x, a.y)
m = keras.Sequential([Dense(a.x), Dense(a)])
