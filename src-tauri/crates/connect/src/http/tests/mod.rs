mod addresses;
mod blanking;
mod calls;
