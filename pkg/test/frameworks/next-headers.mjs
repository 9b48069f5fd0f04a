// Stands for `next/headers`: the headers of the request that an action or component runs for.
let current = new Headers();
export const headers = async () => current;
export const setHeaders = (value) => {
  current = value;
};
