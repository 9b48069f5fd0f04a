// `vite preview` needs no adapter; a deployment has one
export default {};
