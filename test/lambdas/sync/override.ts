/** The object with some methods replaced; the others work on the object itself, including private members. */
export function override<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get: (of, name) => {
      const replaced: unknown = Reflect.get(methods, name);
      const value: unknown = replaced ?? Reflect.get(of, name, of);
      return typeof value === 'function' && replaced === undefined ? value.bind(of) : value;
    },
  });
}
