mod blanking;
