a = [1]
a.append(a)
m = keras.Sequential(a)
m.add(m)
m = keras.Model(m, m)
class C(C):
    x = C()
    x: int = x
p = functools.partial(p)
p = functools.partial(functools.partial, functools.partial)
p(p)(p)
